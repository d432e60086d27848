#!/usr/bin/env bash
# Ten thousand lesions of one table end in ten thousand rows of finite summaries, in bounded memory.
set -euo pipefail
cd "$FOLDER"
count=${LESIONS:-10000}
awk -v count="$count" 'BEGIN {
  srand(1)
  print "id\tlesion\tsetting\tsignal\tn"
  split("0 20 50 100 200 400 600 800 1000", b, " ")
  for (lesion = 1; lesion <= count; lesion++) {
    d = 0.0006 + 0.0015 * rand(); f = 0.02 + 0.4 * rand()
    for (k = 1; k <= 9; k++)
      printf "cohort\tlesion%d\t%d\t%.3f\t1\n", lesion, b[k], 900 * ((1 - f) * exp(-b[k] * d) + f * exp(-b[k] * 0.02)) + 20 * (rand() - 0.5)
  }
}' >curves.tsv
"$IVIMBAYES" fit ivim curves.tsv --draws 100 --save-draws none --out run
rows=$(awk -F'\t' '$4 == "d" && $5 == "mean"' run/curves_lesions.tsv | wc -l)
bad=$(awk -F'\t' '$5 == "mean" && ($7 == "n/a" || $9 == "n/a" || $11 == "n/a")' run/curves_lesions.tsv | wc -l)
memory=$(sed -nE 's/.*"peak_memory_bytes" : ([0-9]+).*/\1/p' run/curves_timing.json)
echo "$rows lesions, $bad without a finite mean, peak memory $memory bytes"
[ "$rows" = "$count" ] && [ "$bad" = 0 ] && [ "$memory" -le 1500000000 ]
