# Reads build/tidy/compile_commands.json (first file), then "<sha256>  <path>" of every source file, then those sources
# (paths from the root). Prints one line for each C++ file that clang-tidy can read:
#   <path> TAB <flags to compile it, as words for a shell> TAB <path and digest of all that it includes of ours>
# -v root=<absolute path of the source tree>
FNR == 1 { ++file_number }

file_number == 1 && $1 == "\"command\":" {
  command = $0
  sub(/^ *"command": "[^ ]* /, "", command)
  sub(/ -o [^ ]+ -c [^ ]+",?$/, "", command)
  gsub(/\\"/, "\"", command)
  gsub(/\\\\/, "\\", command)
}
file_number == 1 && $1 == "\"file\":" {
  path = $2
  gsub(/[",]/, "", path)
  if (index(path, root "/") == 1) flags[substr(path, length(root) + 2)] = command
}
file_number == 2 { digest[$2] = $1 }
file_number > 2 && /^ *# *include +"/ {
  split($0, parts, "\"")
  includes[FILENAME] = includes[FILENAME] " " parts[2]
}

# Where an #include of `from` leads, if it is a file of ours that is not generated.
function resolved(from, name,   folder, n, i, places) {
  folder = from
  sub(/[^\/]*$/, "", folder)
  n = split(folder " include/ src/ tests/ bench/ apps/", places, " ")
  for (i = 1; i <= n; ++i) if ((places[i] name) in digest) return places[i] name
  return ""
}

# Adds to seen[] what a file includes, itself first.
function gather(from, seen,   n, i, names, found) {
  if (from in seen) return
  seen[from] = 1
  list = list " " from ":" digest[from]
  n = split(includes[from], names, " ")
  for (i = 1; i <= n; ++i) {
    found = resolved(from, names[i])
    if (found != "") gather(found, seen)
  }
}

END {
  for (unit in digest) {
    if (unit !~ /\.cpp$/ || !(unit in flags)) continue
    # Clang 14 cannot read libtorch's headers in C++20; what includes them is left to GCC's warnings.
    if (flags[unit] ~ /cmake_pch/) continue
    delete seen
    list = ""
    gather(unit, seen)
    print unit "\t" flags[unit] "\t" list
  }
}
