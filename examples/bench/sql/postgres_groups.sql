, times as (
  select channel, agent, ts / 86400000 as day,
    count(*) filter (where first) as first_n, avg(wait) filter (where first) as first_mean,
    percentile_cont(array[0.5, 0.9, 0.99]) within group (order by wait) filter (where first) as first_q,
    count(*) as n, avg(wait) as mean, percentile_cont(array[0.5, 0.9, 0.99]) within group (order by wait) as q
  from waits group by 1, 2, 3
), rated as (
  select channel, agent, ts / 86400000 as day, count(*) as ratings, count(*) filter (where stars >= 4) as good, sum(stars) as stars
  from events where kind = 3 group by 1, 2, 3
)
select count(*), sum(first_n), sum(first_mean), sum(first_q[1]), sum(first_q[2]), sum(first_q[3]),
  sum(n), sum(mean), sum(q[1]), sum(q[2]), sum(q[3]), sum(ratings), sum(good), sum(stars)
from times full join rated using (channel, agent, day);
