"""How far off a number may be: Clopper and Pearson's interval, the jackknife, the posterior."""
