import java.util.zip.ZipFile

File zip = new File(basedir, 'target/packaging-artifact-1.zip')
def names = []
new ZipFile(zip).withCloseable { packed ->
    packed.entries().each { entry ->
        names << entry.name
        assert entry.timeLocal.year == 1980
        assert packed.getInputStream(entry).bytes == new File(basedir, 'target/r-cluster/' + entry.name.split('/')[1]).bytes
    }
}
assert names.contains('packaging-artifact/workr.R') && names.contains('packaging-artifact/known_hosts')
assert names.size() == new File(basedir, 'target/r-cluster').list().length
File installed = new File(localRepositoryPath, 'org/workr/it/packaging-artifact/1/packaging-artifact-1.zip')
assert installed.bytes == zip.bytes
return evaluate(new File(golden))
