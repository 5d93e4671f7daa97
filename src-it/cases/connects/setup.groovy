/*
 * Starts this machine's OpenSSH server on a port of loopback, for the account that runs the case, with keys made here. It
 * changes nothing on the machine; verify.groovy ends it, or else its time does.
 */
import java.util.concurrent.TimeUnit

String run(List<String> command, List<String> environment = null) {
  Process process = ['timeout', '60', *command].execute(environment, basedir)
  def output = new StringBuffer()
  process.waitForProcessOutput(output, output)
  assert process.exitValue() == 0 : "${command}: ${output}"
  return output
}

boolean answers(int port) {
  try {
    new Socket(InetAddress.loopbackAddress, port).withCloseable { it.soTimeout = 1000; it.inputStream.read() == 'S' as char }
  } catch (IOException e) {
    false
  }
}

File sshd = new File('/usr/sbin/sshd')
assert sshd.canExecute() : 'it is missing; run: src-it/need sshd=openssh-server'
if (System.getProperty('user.name') == 'root') {
  new File('/run/sshd').mkdirs() // started by root it insists on this directory, which only its service file makes
}

Properties properties = new Properties()
new File(basedir, 'invoker.properties').withReader { properties.load(it) }
String passphrase = properties['invoker.environmentVariables.WORKR_STATS_SSH']

def makeKey = { String file, String... type -> run(['ssh-keygen', '-q', '-N', '', '-f', file, '-t', *type]) }
makeKey('host', 'ed25519')
makeKey('login', 'ed25519')
makeKey('login-pem', 'ecdsa', '-m', 'PEM') // the form whose decryption needs BouncyCastle
// Not by -N: a secret is no argument of a test either.
File ask = new File(basedir, 'ask')
ask.text = '#!/bin/sh\nprintf "%s\\n" "$PASSPHRASE"\n'
ask.executable = true
run(['setsid', 'ssh-keygen', '-q', '-p', '-P', '', '-m', 'PEM', '-f', 'login-pem'],
    ["PASSPHRASE=${passphrase}", "SSH_ASKPASS=${ask}", 'SSH_ASKPASS_REQUIRE=force', "PATH=${System.getenv('PATH')}"]*.toString())
new File(basedir, 'authorized_keys').text = ['login', 'login-pem'].collect { new File(basedir, "${it}.pub").text }.join()
String[] key = new File(basedir, 'host.pub').text.split(' ')
new File(basedir, 'pinned').text = "connects,192.0.2.10 ${key[0]} ${key[1]} workr:pending\n"

// What an account other than root asks to be run as root is run as itself: it cannot read everything, which is enough.
File bin = new File(basedir, 'bin')
bin.mkdir()
new File(bin, 'sudo').with {
  text = '#!/bin/sh\nwhile [ "$1" != -- ]; do [ "$1" != true ] || exit 0; shift; done\nshift\nexec "$@"\n'
  setExecutable(true)
}

int port = new ServerSocket(0, 1, InetAddress.loopbackAddress).withCloseable { it.localPort }
new File(basedir, 'sshd_config').text = """\
Port ${port}
ListenAddress 127.0.0.1
HostKey ${basedir}/host
AuthorizedKeysFile ${basedir}/authorized_keys
SetEnv PATH=${bin}:/usr/sbin:/usr/bin:/sbin:/bin
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
PidFile none
PrintMotd no
StrictModes no
UseDNS no
UsePAM no
LogLevel VERBOSE
"""
File log = new File(basedir, 'sshd.log')
Process server =
    new ProcessBuilder('timeout', '900', sshd.path, '-D', '-e', '-f', "${basedir}/sshd_config")
        .redirectErrorStream(true).redirectOutput(log).start()
new File(basedir, 'sshd.pid').text = server.pid()

long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60)
while (!answers(port)) {
  assert server.alive && System.nanoTime() < end : "sshd does not start: ${log.text}"
  sleep(50)
}
new File(basedir, 'test.properties').text =
    "ssh.port=${port}\nssh.ownKey=${run(['ssh-keygen', '-lf', 'host.pub']).split(' ')[1]}\n"
return true
