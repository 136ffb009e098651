create view desk as select * from read_json('desk.jsonl', format = 'newline_delimited', columns = {
  type: 'VARCHAR', conversation: 'VARCHAR', "at": 'TIMESTAMP', channel: 'VARCHAR', agent: 'VARCHAR', "by": 'VARCHAR', stars: 'TINYINT'})
