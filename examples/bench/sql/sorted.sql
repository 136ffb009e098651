-- Only for a table in the order of conversation and time: windows over all of it
-- stream, and sort nothing.
with spoken as (
  select ts, conv, channel, agent, kind, lag(kind = 0) over () as after_customer, lag(conv) over () as before
  from events where kind in (0, 1, 4)
), turns as (
  select ts, conv, channel, agent, kind, lag(ts) over () as asked, lag(conv) over () as before
  from spoken where before is distinct from conv or after_customer <> (kind = 0)
), answered as (
  select ts, conv, channel, agent, ts - asked as wait, lag(conv) over () as before from turns where kind = 1 and before = conv
), waits as (
  select channel, agent, ts, wait, before is distinct from conv as first from answered
)
