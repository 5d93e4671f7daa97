// The lines begin with the name of the goal, the version in it.
String log = new File(basedir, 'build.log').text
[
  'workr:rekey: the pom declares no <disk> in <cluster>, so there are no keys to replace.',
  "workr.rekey: 'volumekey' is nothing that can be replaced. Use one or more of passphrase, binding, volumeKey and tang,",
  "workr.maxUnavailable: '0%' is no share of the hosts. Use a number from 1, such as 3, or a percentage",
  "workr.wait: '5m' is neither true nor false. How long to wait for hosts that do not answer is workr.patience."
].each { assert log.contains(it) : "not in build.log: ${it}" }
return evaluate(new File(golden))
