#!/bin/sh
# Process 1 of the namespaces that scripts/cluster/namespaces.ts made: makes a machine of them, whose files are below the
# folder $1, with the packages $2 and the programs $3, at the address $4; runs the rest of the arguments on it.
set -eu
state=$1 packages=$2 programs=$3 address=$4
shift 4

# What is written to /usr and /var stays below the folder; what is in them is seen.
layer() {
  mkdir -p "$state/overlay$1" "$state/overlay$1.work"
  mount -t overlay -o "lowerdir=$2,upperdir=$state/overlay$1,workdir=$state/overlay$1.work" overlay "$1"
}

# The kubelet sets numbers of the machine: it finds files of its own in their place, with what it wants.
tunable() {
  mkdir -p "$state/tunables/$(dirname "$1")"
  echo "$2" >"$state/tunables/$1"
  mount --bind "$state/tunables/$1" "/proc/sys/$1"
}

rm -rf "$state"
mkdir -p "$state"
# Containers have to see what is mounted for them; nobody outside sees anything.
mount --make-rshared /
layer /usr "$packages/usr:/usr"
layer /var /var
mount -t tmpfs tmpfs /run
tunable kernel/keys/root_maxbytes 25000000
tunable kernel/keys/root_maxkeys 1000000
tunable kernel/panic 10
tunable kernel/panic_on_oops 1
tunable vm/overcommit_memory 1
tunable vm/panic_on_oom 0

# A bridge without ports holds the address of the node: not every kernel has dummy devices.
ip link set lo up
ip link add node type bridge
ip address add "$address/24" dev node
ip link set node up
ip route add default dev node
echo 1 >/proc/sys/net/ipv4/ip_forward

# This shell stays: process 1 has to take in orphans.
status=0
PATH=$programs:$PATH "$@" || status=$?
exit "$status"
