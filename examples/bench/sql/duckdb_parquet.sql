create view desk as select * from read_parquet('desk.parquet')
