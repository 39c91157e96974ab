"""The view Back-test of the page Insights."""
