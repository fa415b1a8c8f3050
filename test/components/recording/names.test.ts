import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestType, fileName } from '../../../components/recording/names.js';

const AT = new Date(2026, 2, 5, 9, 7, 3).getTime();
const WHEN = '2026-03-05 09.07.03';

test('A file is called by the person, the day and the time, and ends as its kind does', () => {
  assert.equal(fileName('Bob', AT, 'video/webm;codecs=vp8,opus'), `Bob ${WHEN}.webm`);
  assert.equal(fileName('王小明', AT, 'video/mp4;codecs=avc1.42E01F,mp4a.40.2'), `王小明 ${WHEN}.mp4`);
});

test('Nothing in a name leads elsewhere, hides its end or is too long for a file system', () => {
  assert.equal(fileName('../../etc/passwd', AT, 'video/webm'), `etc passwd ${WHEN}.webm`);
  assert.equal(fileName('a\u202egnp.exe', AT, 'video/webm'), `a gnp.exe ${WHEN}.webm`);
  assert.equal(fileName('C:\\Users\\"x"|y?*', AT, 'video/webm'), `C Users x y ${WHEN}.webm`);
  assert.equal(fileName('line\nbreak\u0000', AT, 'video/webm'), `line break ${WHEN}.webm`);
  assert.equal(fileName(' . ', AT, 'video/webm'), `${WHEN}.webm`);
  assert.equal([...fileName('🙂'.repeat(200), AT, 'video/webm')].length, 60 + 1 + WHEN.length + '.webm'.length);
});

test('What plays everywhere is preferred, then what takes the least work', () => {
  assert.equal(
    bestType(() => true),
    'video/mp4;codecs=avc1.42E01F,mp4a.40.2',
  );
  assert.equal(
    bestType((type) => type.startsWith('video/webm')),
    'video/webm;codecs=vp8,opus',
  );
  assert.equal(
    bestType((type) => type === 'video/mp4'),
    'video/mp4',
  );
  assert.equal(
    bestType(() => false),
    undefined,
  );
});
