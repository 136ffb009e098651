-- As windows.sql, over names parsed into numbers of 16 bytes: only for names that
-- are UUIDs.
with spoken as (
  select ts, id, channel, agent, kind, lag(kind = 0) over (partition by id order by ts) as after_customer
  from (select *, conv::uuid as id from events where kind in (0, 1, 4))
), turns as (
  select ts, id, channel, agent, kind, lag(ts) over turn as asked,
    count(*) filter (where kind = 1) over (turn rows between unbounded preceding and 1 preceding) as replies,
    first_value(kind) over turn as opening
  from spoken where after_customer is distinct from (kind = 0)
  window turn as (partition by id order by ts)
), waits as (
  select channel, agent, ts, ts - asked as wait, replies = case opening when 1 then 1 else 0 end as first
  from turns where kind = 1 and asked is not null
)
