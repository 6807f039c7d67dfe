# Makes a report of what Maven and the fuzzer print: a line for each target, and what was found with its stack trace.
/^\[INFO\] Running / {
    target = $3
    sub(/.*[.]/, "", target)
    sub(/FuzzTest$/, "", target)
    found = 0
}
/ Test unit written to / {
    printf "%-12s FOUND, input: %s\n", target, $NF
    found = anything = 1
}
/^Done [0-9]+ runs in / && !found { printf "%-12s %9d runs, %6d runs/s, nothing found\n", target, $2, $2 / ($5 > 0 ? $5 : 1) }
found && !seen[target, $0]++ && (/^Caused by: / || /^\tat dev[.]nacre[.]/) { print "    " $0 }
/^\[(ERROR|WARNING)\].*[.]java:\[/ || (/^\[ERROR\] [A-Z]/ && !anything) { print }
{ fflush() }
