, answered as materialized (
  select channel, first, wait from waits
), both as (
  select channel, 0 as first, wait from answered union all select channel, 1, wait from answered where first
), ranked as (
  -- A quantile is two neighbours of a rank, each with its weight.
  select channel, first, wait,
    row_number() over (partition by channel, first order by wait) - 1 as rank,
    count(*) over (partition by channel, first) - 1 as last
  from both
), times as materialized (
  select channel, first, count(*) as n, avg(wait) as mean,
    sum(wait * max(0.0, 1 - abs(0.50 * last - rank))) as q50,
    sum(wait * max(0.0, 1 - abs(0.90 * last - rank))) as q90,
    sum(wait * max(0.0, 1 - abs(0.99 * last - rank))) as q99
  from ranked group by channel, first
), rated as (
  select channel, count(*) as ratings, avg(stars >= 4) as csat, avg(stars) as stars
  from events where kind = 3 group by channel
)
select every.channel, firsts.n, firsts.mean, firsts.q50, firsts.q90, firsts.q99, every.n, every.mean, every.q50, every.q90, every.q99,
  coalesce(ratings, 0), coalesce(csat, 0), coalesce(stars, 0)
from times as every join times as firsts on firsts.channel = every.channel and firsts.first
  left join rated on rated.channel = every.channel
where not every.first
