create view desk as select * from read_csv('desk.csv', auto_detect = false, header = true, columns = {
  type: 'VARCHAR', conversation: 'VARCHAR', "at": 'TIMESTAMP', channel: 'VARCHAR', agent: 'VARCHAR', "by": 'VARCHAR', stars: 'TINYINT'})
