import groovy.json.JsonSlurper

// Only timeout(1), which setup.groovy started, has this number; it ends the server with itself.
ProcessHandle.of(new File(basedir, 'sshd.pid').text as long)
    .filter { it.info().command().orElse('').endsWith('timeout') }
    .ifPresent { it.destroy() }

// That the machine has another name can only have been read over the connection, as there is no other way to it.
String name = ['uname', '-n'].execute().text.trim()
Map plan = new JsonSlurper().parse(new File(basedir, 'target/workr/plan.json'))
Map rename = plan.hosts[0].changes.find { it.capability == 'identity' && it.subject == 'hostname' }
assert rename.before.contains(name) && rename.after == 'connects'

// The key was believed because it was pinned as the next one, which it is no more.
String pinned = new File(basedir, 'pinned').text
assert pinned.startsWith('connects,') && !pinned.contains('pending')

// One login for each of the first two; the third saw another key than it expected, and gave nothing away.
List<String> logins = new File(basedir, 'sshd.log').readLines().findAll { it.startsWith('Accepted publickey for ') }
assert logins*.replaceAll(/.* ssh2: (\w+) .*/, '$1') == ['ED25519', 'ECDSA']
Map refused = new JsonSlurper().parse(new File(basedir, 'refused/plan.json'))
assert refused.hosts.isEmpty()
String key = (new File(basedir, 'test.properties').text =~ /(?m)^ssh.ownKey=(.*)$/)[0][1]
assert new File(basedir, 'build.log').text.contains("the server proved the host key ${key}")
return evaluate(new File(golden))
