#!/bin/sh
# Makes sure that bubblewrap is there, in which agents are kept from what is not their own. Without the right to install it, or without apt-get, it says
# what to do. A build runs this and goes on either way: OpAgent runs without it, too, but asks before it lets an agent run.
PATH=$PATH:/usr/bin:/bin
command -v bwrap >/dev/null && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  install() { timeout 120 apt-get install -y -qq --no-install-recommends -o Acquire::Retries=0 bubblewrap >/dev/null 2>&1; }
  install || { timeout 120 apt-get update -qq -o Acquire::Retries=0 >/dev/null 2>&1 && install; }
  command -v bwrap >/dev/null && echo "Installed bubblewrap, the sandbox of the agents." && exit 0
fi

echo "bubblewrap is not installed: agents would run with your full rights, and OpAgent asks before it lets them. Install it: sudo apt-get install bubblewrap"
