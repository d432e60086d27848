# How good pooled predictions were: of tables with the columns outcome and p_effective, the number, the calibration line
# (logistic regression of the outcome on logit p, with the standard error of the slope), the expected calibration error over
# five bins, what that would be by chance if every probability were right, the Brier score and the log-loss.
BEGIN { FS = OFS = "\t" }
FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
{
  p[++n] = $column["p_effective"]
  if (p[n] < 1e-9) p[n] = 1e-9
  if (p[n] > 1 - 1e-9) p[n] = 1 - 1e-9
  y[n] = ($column["outcome"] == "effective")
}
END {
  for (i = 1; i <= n; i++) {
    x[i] = log(p[i] / (1 - p[i]))
    loss -= log(y[i] ? p[i] : 1 - p[i]) / n
    brier += (p[i] - y[i]) ^ 2 / n
    bin = int(5 * p[i])
    excess[bin] += p[i] - y[i]
    spread[bin] += p[i] * (1 - p[i])
  }
  slope = 1
  for (step = 0; step < 50; step++) {
    g0 = g1 = h00 = h01 = h11 = 0
    for (i = 1; i <= n; i++) {
      q = 1 / (1 + exp(-(intercept + slope * x[i])))
      w = q * (1 - q)
      g0 += y[i] - q
      g1 += (y[i] - q) * x[i]
      h00 += w
      h01 += w * x[i]
      h11 += w * x[i] ^ 2
    }
    det = h00 * h11 - h01 ^ 2
    intercept += (h11 * g0 - h01 * g1) / det
    slope += (h00 * g1 - h01 * g0) / det
  }
  # The mean of |normal| is sqrt(2/pi) of its standard deviation.
  for (bin in excess) {
    ece += (excess[bin] < 0 ? -excess[bin] : excess[bin]) / n
    chance += sqrt(2 * spread[bin] / 3.14159265358979) / n
  }
  print "predictions", "slope", "slope_se", "intercept", "ece", "ece_by_chance", "brier", "log_loss"
  printf "%d\t%.3f\t%.3f\t%.3f\t%.4f\t%.4f\t%.4f\t%.4f\n", n, slope, sqrt(h00 / det), intercept, ece, chance, brier, loss
}
