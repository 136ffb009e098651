, times as (
  select channel, agent, ts // 86400000 as day,
    count(*) filter (first) as first_n, avg(wait) filter (first) as first_mean,
    quantile_cont(wait, [0.5, 0.9, 0.99]) filter (first) as first_q,
    count(*) as n, avg(wait) as mean, quantile_cont(wait, [0.5, 0.9, 0.99]) as q
  from waits group by all
), rated as (
  select channel, agent, ts // 86400000 as day, count(*) as ratings, count(*) filter (stars >= 4) as good, sum(stars) as stars
  from events where kind = 3 group by all
)
select count(*), sum(first_n), sum(first_mean), sum(first_q[1]), sum(first_q[2]), sum(first_q[3]),
  sum(n), sum(mean), sum(q[1]), sum(q[2]), sum(q[3]), sum(ratings), sum(good), sum(stars)
from times full join rated using (channel, agent, day)
