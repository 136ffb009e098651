, answered as materialized (
  select channel, agent, ts / 86400000 as day, first, wait from waits
), both as (
  select channel, agent, day, 0 as first, wait from answered
  union all select channel, agent, day, 1, wait from answered where first
), ranked as (
  select channel, agent, day, first, wait,
    row_number() over (partition by channel, agent, day, first order by wait) - 1 as rank,
    count(*) over (partition by channel, agent, day, first) - 1 as last
  from both
), times as materialized (
  select channel, agent, day, first, count(*) as n, avg(wait) as mean,
    sum(wait * max(0.0, 1 - abs(0.50 * last - rank))) as q50,
    sum(wait * max(0.0, 1 - abs(0.90 * last - rank))) as q90,
    sum(wait * max(0.0, 1 - abs(0.99 * last - rank))) as q99
  from ranked group by channel, agent, day, first
), rated as materialized (
  select channel, agent, ts / 86400000 as day, count(*) as ratings, sum(stars >= 4) as good, sum(stars) as stars
  from events where kind = 3 group by 1, 2, 3
), sums as (
  select first, sum(n) as n, sum(mean) as mean, sum(q50) as q50, sum(q90) as q90, sum(q99) as q99 from times group by first
)
select
  -- A join of both would be a nested loop.
  (select count(*) from (select channel, agent, day from times union select channel, agent, day from rated)),
  firsts.n, firsts.mean, firsts.q50, firsts.q90, firsts.q99, every.n, every.mean, every.q50, every.q90, every.q99,
  (select sum(ratings) from rated), (select sum(good) from rated), (select sum(stars) from rated)
from sums as every join sums as firsts on firsts.first and not every.first
