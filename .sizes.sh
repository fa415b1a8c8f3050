for f in dist/video-call.js dist/chunks/*.js; do echo "$f $(node -e "console.log(require('zlib').brotliCompressSync(require('fs').readFileSync('$f')).length)")"; done
