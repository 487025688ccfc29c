trap 'exit 0' TERM
n=0
while :; do
  n=$((n + 1))
  height=$((n % 9 * 11))
  echo "gauge $(hostname): $height cm"
  test $height -lt 80 || echo "high water, warning the pilots" >&2
  sleep 1
done
