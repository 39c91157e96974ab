"""The page Insights: every figure at a glance, week by week, with the rows behind it."""
