File folder = new File(basedir, 'target/r-cluster')
assert folder.list().sort() == ['README.md', 'cluster.R', 'known_hosts', 'slurm.tmpl', 'ssh_config', 'targets.R', 'workr.R',
                                      'workr_crew.R', 'workr_mirai.R']
String key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9'
assert new File(folder, 'known_hosts').text.endsWith("\nworkr1 $key\nworkr2 $key\n")
assert new File(folder, 'cluster.R').text.contains('r_version <- "4.4.2"')
assert new File(folder, 'ssh_config').text.contains('Host workr2\n  HostName 192.168.64.2\n  HostKeyAlias workr2\n')
assert new File(basedir, 'mine/README.md').text == 'mine\n'
assert new File(basedir, 'mine').list() == ['README.md']
assert new File(basedir, 'build.log').text.contains("README.md' is not workr's. Give workr.rCluster a folder of its own")
assert !new File(basedir, 'nowhere.lock').exists()
return evaluate(new File(golden))
