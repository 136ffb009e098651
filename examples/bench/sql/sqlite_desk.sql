create table desk (type text, conversation text, at text, channel text, agent text, by text, stars integer);
.import --csv --skip 1 desk.csv desk
create view events as
select cast(strftime('%s', at) as integer) * 1000 + cast(substr(at, 21, 3) as integer) as ts,
  conversation as conv, channel, agent, stars, case type
    when 'message_received' then 0
    when 'reply_sent' then iif(by = '', 1, 2)
    when 'rating_given' then 3
    when 'resolved' then 4
    else 5
  end as kind
from desk;
