-- Two windows, in words that DuckDB, PostgreSQL and SQLite share. What matters are
-- turns: the events at which the word passes from the customer to the desk, or
-- back. A resolution takes the word as a reply does, but answers nothing.
with spoken as (
  select ts, conv, channel, agent, kind, lag(kind = 0) over (partition by conv order by ts) as after_customer
  from events where kind in (0, 1, 4)
), turns as (
  select ts, conv, channel, agent, kind, lag(ts) over turn as asked,
    count(*) filter (where kind = 1) over (turn rows between unbounded preceding and 1 preceding) as replies,
    first_value(kind) over turn as opening
  from spoken where after_customer is distinct from (kind = 0)
  window turn as (partition by conv order by ts)
), waits as (
  -- A reply that opens the conversation is no response.
  select channel, agent, ts, ts - asked as wait, replies = case opening when 1 then 1 else 0 end as first
  from turns where kind = 1 and asked is not null
)
