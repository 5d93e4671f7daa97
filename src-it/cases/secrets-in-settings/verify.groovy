assert new File(basedir, 'shown').text == 'c4nary-KtedRvof & <x\n'
// The command line and the environment of a test are not a person's: only what workr and Maven print counts.
String log = new File(basedir, 'build.log').text
assert !log.contains('KtedRvof')
assert !log.contains('PhusNixgBeru')
return evaluate(new File(golden))
