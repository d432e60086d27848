#!/usr/bin/env bash
# A cohort through a real one-node Slurm, one job killed and submitted again, gives the bytes of a local run.
#
# Installs slurm-wlm and munge where they are missing; both daemons listen on loopback only and are stopped at the end by
# their pid files. Needs root, and a machine without a Slurm of its own.
set -euo pipefail
. Examples/prerequisites.sh
[ "$(id -u)" = 0 ] || stop "needs root, to start a Slurm of its own"
require_packages slurm-wlm munge
[ ! -s /etc/slurm/slurm.conf ] || grep -q 'ClusterName=ivimbayestest' /etc/slurm/slurm.conf ||
  stop "this machine has a Slurm of its own: /etc/slurm/slurm.conf"

state=$FOLDER/slurm
stop_slurm() {
  local daemon
  for daemon in slurmd slurmctld; do
    [ ! -s "$state/$daemon.pid" ] || kill "$(cat "$state/$daemon.pid")" 2>/dev/null || true
  done
  [ ! -s "$state/munged.pid" ] || kill "$(cat "$state/munged.pid")" 2>/dev/null || true
  rm -f /etc/slurm/slurm.conf
}

start_slurm() {
  mkdir -p "$state"/{state,spool,log}
  local memory
  memory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.8) }' /proc/meminfo)
  cat >/etc/slurm/slurm.conf <<CONF
ClusterName=ivimbayestest
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=$state/state
SlurmdSpoolDir=$state/spool
SlurmctldPidFile=$state/slurmctld.pid
SlurmdPidFile=$state/slurmd.pid
SlurmctldLogFile=$state/log/slurmctld.log
SlurmdLogFile=$state/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1
DefMemPerCPU=1000
ReturnToService=2
AccountingStorageType=accounting_storage/none
MinJobAge=3600
KillWait=5
SlurmdParameters=config_overrides
NodeName=localhost NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$memory State=UNKNOWN
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
  [ -s /etc/munge/munge.key ] || { mungekey --create && chown munge:munge /etc/munge/munge.key; }
  if ! munge -n >/dev/null 2>&1; then
    install -d -o munge -g munge -m 0755 /run/munge
    install -d -o munge -g munge "$state/munge"
    chmod 755 "$FOLDER" "$state"
    runuser -u munge -- /usr/sbin/munged --pid-file "$state/munge/munged.pid"
    cp "$state/munge/munged.pid" "$state/munged.pid"
  fi
  slurmctld -c
  slurmd -c -N localhost
  for _ in $(seq 60); do
    [ "$(sinfo -h -o %T 2>/dev/null)" != idle ] || return 0
    sleep 0.5
  done
  cat "$state"/log/*.log
  stop "Slurm did not start"
}

# Waits until no job of ours is left in the queue.
wait_for_queue() {
  local _
  for _ in $(seq 600); do
    [ -n "$(squeue -h 2>/dev/null)" ] || return 0
    sleep 1
  done
  squeue
  stop "the queue does not empty"
}

cat >"$FOLDER/plan.json" <<'PLAN'
{"patients": 4, "effective": 2, "lesions_per_patient": [1, 2], "diameter_mm": [12, 18]}
PLAN
"$IVIMBAYES" simulate cohort --plan "$FOLDER/plan.json" --seed "$SEED" --out "$FOLDER/data" >/dev/null
# A whole image takes some seconds, so that a job can be killed while it is at work.
options=(--seed "$SEED" --whole-image --min-ess 1000)

step "the local run"
"$IVIMBAYES" bids "$FOLDER/data" "$FOLDER/local" participant "${options[@]}" --quiet >/dev/null
"$IVIMBAYES" bids "$FOLDER/data" "$FOLDER/local" group --quiet >/dev/null

step "the run by Slurm"
trap stop_slurm EXIT
start_slurm
cd "$FOLDER"
submit() { IVIMBAYES="$IVIMBAYES" AT_ONCE=1 bash "$OLDPWD/Examples/cluster/submit.sh" "$FOLDER/data" "$FOLDER/slurm-out" "${options[@]}"; }
read -r array _ <<<"$(submit)"
# The second participant is at work: its first fit has begun.
begun() { find "$FOLDER/slurm-out/.work" -path '*SYN02*' -name identity.json 2>/dev/null | grep -q .; }
for _ in $(seq 6000); do
  ! begun || break
  sleep 0.1
done
begun || stop "the second participant never began"
scancel --signal=KILL --full "${array}_2"
wait_for_queue
echo "killed: job ${array}_2; left of it: $(find "$FOLDER/slurm-out/.work" -path '*SYN02*' -type f 2>/dev/null | wc -l) files of unfinished work"
[ ! -d "$FOLDER/slurm-out/sub-SYN02/ses-post/changes" ] || stop "the killed job was finished already: nothing was shown"
[ -s "$FOLDER/slurm-out/group/missing.tsv" ] && grep SYN02 "$FOLDER/slurm-out/group/missing.tsv"

step "submitted again"
submit >/dev/null
wait_for_queue
cat ivimbayes_*_2.log | tail -n 5

step "comparing every file with the local run"
differences=$(diff -rq --exclude='*_timing.json' --exclude=participants.list "$FOLDER/local" "$FOLDER/slurm-out" || true)
printf '%s' "$differences"
files=$(find "$FOLDER/local" -type f ! -name '*_timing.json' | wc -l)
[ -z "$differences" ] || stop "the results of Slurm differ from those of the local run"
echo "$files files (maps, tables, draws, records) are equal byte for byte"
