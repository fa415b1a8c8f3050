/** The manifest tells editors and documentation tools what the elements have; it is written by `npm run build`. */
export default {
  globs: [
    'components/video-call-*.ts',
    'components/connected-element.ts',
    'components/{events,*-event}.ts',
    'components/history/change-event.ts',
  ],
  litelement: true,
  packagejson: false,
};
