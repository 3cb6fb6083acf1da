# Reads the output of go test -v, and prints go test's closing line of each
# package, whatever is no test's own (a build that fails), and of failed tests
# everything they said. Passed tests are not shown.

function flush(name) {
  printf "%s", said[name]
  delete said[name]
}

/^=== (RUN|CONT|NAME) / { current = $3; next }
/^=== PAUSE / { next }
/^ *--- PASS: / { delete said[$3]; next }
/^ *--- FAIL: / { flush($3); print; next }
/^PASS$/ { current = ""; next }

# The package is over. A test without a verdict by now is one that it ended in:
# a panic, or the time limit.
/^(ok|FAIL|\?)[ \t]/ || /^\t.*coverage: / || /^FAIL$/ {
  for (name in said) flush(name)
  current = ""
  if (!/no test files/) print
  next
}

current != "" { said[current] = said[current] $0 "\n"; next }
{ print }
