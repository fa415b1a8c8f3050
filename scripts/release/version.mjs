/** Which version comes next. Pure. */
import semver from 'semver';

const STEPS = ['patch', 'minor', 'major'];

/**
 * The version that a release is asked to be.
 *
 * @param {string | undefined} asked `patch`, `minor`, `major`, or a version such as `1.2.3` or `2.0.0-beta.1`
 * @param {string} current the version in package.json
 * @param {readonly string[]} released every version that has been released
 * @returns {string}
 */
export function nextVersion(asked, current, released) {
  const next = STEPS.includes(asked) ? semver.inc(current, asked) : asked;
  if (!next || semver.valid(next) !== next) {
    throw new Error(
      `Say which version it is to be: npm run release -- patch, minor, major, or a version such as 1.2.3.${asked ? ` ${asked} is none of these.` : ''}`,
    );
  }
  if (released.includes(next)) throw new Error(`Version ${next} has been released already: there is a tag v${next}. Take a greater one.`);
  const last = semver.rsort(released.filter((version) => semver.valid(version)))[0];
  // The one in package.json may still wait for its release.
  const least = [last, current].filter((version) => version !== undefined && version !== next).find((version) => semver.lt(next, version));
  if (least) throw new Error(`Version ${next} is not greater than ${least}, which was before it. Take a greater one.`);
  return next;
}

/** What npm calls those who want this version without naming it: a version with a hyphen is for those who ask for `next`. */
export const channelOf = (version) => (semver.prerelease(version) ? 'next' : 'latest');
