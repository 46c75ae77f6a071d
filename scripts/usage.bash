# Sourced by ./test and the scripts of this folder before they do anything: the comment at a script's top is what its
# --help prints.
usage=$(sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0")

# refuse MESSAGE: ends the script because of an argument that it does not take.
refuse() {
  printf '%s: %s\n\n%s\n' "${0##*/}" "$1" "$usage" >&2
  exit 2
}

for argument; do
  [[ $argument != -h && $argument != --help ]] || {
    printf '%s\n' "$usage"
    exit
  }
done
