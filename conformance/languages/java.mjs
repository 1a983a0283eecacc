// The jar, built and installed by Maven, in an app that Maven builds.
import fs from 'node:fs';
import path from 'node:path';
import { appFolder, FLOOR, generated, readmeExample, run, WORK, works } from '../machine.mjs';

export const title = 'Java';
export const missing = async () => await works('mvn', ['--version']) && await works('javac', ['-version']) ? undefined : 'no Maven with a JDK';

const maven = (cwd, ...args) => run('mvn', ['--batch-mode', '--quiet', '-Dstyle.color=never', ...args], { cwd });

export async function app() {
  const library = await generated('java');
  const cwd = appFolder('java');
  const cdk = await served();
  const before = [];
  if (cdk !== FLOOR['aws-cdk-lib']) {
    before.push(await withJavaScriptOfFloor(cdk));
    const pom = path.join(library, 'pom.xml');
    fs.writeFileSync(pom, fs.readFileSync(pom, 'utf8').replace(`<version>[${FLOOR['aws-cdk-lib']},`, `<version>[${cdk},`));
  }
  await maven(library, 'install');
  fs.writeFileSync(path.join(cwd, 'src', 'main', 'java', 'PaymentsApp.java'), readmeExample('java'));
  await maven(cwd, 'compile', 'dependency:build-classpath', '-Dmdep.outputFile=classpath.txt', `-Dcdk.version=${cdk}`, '-Dlibrary.version=0.0.0');
  const classpath = [...before, 'target/classes', fs.readFileSync(path.join(cwd, 'classpath.txt'), 'utf8').trim()].join(':');
  const java = main => ['java', '-cp', classpath, main];
  const note = before.length === 0 ? undefined : `the registry here has nothing newer than ${cdk}: its Java classes drive the JavaScript of ${FLOOR['aws-cdk-lib']}`;
  return { cwd, classpath, cdk: FLOOR['aws-cdk-lib'], note, synth: java('orders.OrdersApp'), refused: java('orders.RefusedApp'), readme: java('PaymentsApp') };
}

/** The lowest supported aws-cdk-lib, or the newest version if the registry has no such version. */
async function served() {
  const get = version => maven(WORK, 'dependency:get', `-Dartifact=software.amazon.awscdk:aws-cdk-lib:${version}:pom`, '-Dtransitive=false');
  if (await get(FLOOR['aws-cdk-lib']).then(() => true, () => false)) return FLOOR['aws-cdk-lib'];
  await get('RELEASE');
  const told = await maven(WORK, 'help:evaluate', '-Dexpression=settings.localRepository', '-DforceStdout');
  const repository = told.replace(/\x1b\[\d*m/g, '').trim(); // some versions colour an empty line in spite of the option
  const folder = path.join(repository, 'software', 'amazon', 'awscdk', 'aws-cdk-lib');
  const metadata = fs.readdirSync(folder).filter(name => /^maven-metadata-.*\.xml$/.test(name)).map(name => fs.readFileSync(path.join(folder, name), 'utf8'));
  return /<release>([\d.]+)<\/release>/.exec(metadata.join('\n'))[1];
}

/**
 * The Java classes contain the JavaScript library as a resource. This folder, first on the classpath, has the lowest
 * supported release under the name that the older classes load.
 */
async function withJavaScriptOfFloor(cdk) {
  const folder = path.join(WORK, 'java-cdk');
  const place = path.join(folder, 'software', 'amazon', 'awscdk');
  fs.mkdirSync(place, { recursive: true });
  await run('npm', ['pack', '--silent', '--pack-destination', place, `aws-cdk-lib@${FLOOR['aws-cdk-lib']}`]);
  fs.renameSync(path.join(place, `aws-cdk-lib-${FLOOR['aws-cdk-lib']}.tgz`), path.join(place, `aws-cdk-lib@${cdk}.jsii.tgz`));
  return folder;
}
