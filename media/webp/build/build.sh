#!/usr/bin/env bash
# Makes media/webp/libwebp/libwebp.go anew: Debian's source of libwebp, with its security patches, compiled to WebAssembly by
# Debian's clang and turned into Go by wasm2go. The same source, compiler and generator give the same file, byte for byte.
#
# Needs Debian 12 (bookworm) and these packages of it: clang lld wasi-libc libclang-rt-dev-wasm32 dpkg-dev; and, for the
# source, a deb-src line in apt's lists, security included. A libwebp older than the patch for CVE-2023-4863 is refused.
# With SOURCE=folder an unpacked and patched source is taken instead of asking apt.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
generator=github.com/ncruces/wasm2go@v0.4.19
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in clang wasm-ld go; do
  command -v "$tool" >/dev/null || { echo "build: $tool is missing; apt-get install clang lld wasi-libc libclang-rt-dev-wasm32 dpkg-dev" >&2; exit 1; }
done
if [ -z "${SOURCE:-}" ]; then
  (cd "$work" && apt-get source -qq libwebp) || { echo "build: apt has no source of libwebp; add deb-src lines, security included" >&2; exit 1; }
  SOURCE=$(echo "$work"/libwebp-*/)
fi
grep -q 'CVE-2023-4863' "$SOURCE/debian/changelog" || { echo "build: $SOURCE lacks the patch for CVE-2023-4863" >&2; exit 1; }

# The encoder and what it is made of; src/dec, the decoder, is left out.
cd "$SOURCE"
sources=(src/enc/*.c src/utils/*.c sharpyuv/sharpyuv.c sharpyuv/sharpyuv_csp.c sharpyuv/sharpyuv_dsp.c sharpyuv/sharpyuv_gamma.c)
for file in src/dsp/*.c; do
  case $file in *sse*|*neon*|*mips*|*msa*) ;; *) sources+=("$file") ;; esac
done
clang --target=wasm32-wasi -O3 -DNDEBUG -mexec-model=reactor -mbulk-memory -I. -o "$work/libwebp.wasm" "$here/encode.c" "${sources[@]}" \
  -Wl,--gc-sections,--strip-all,--max-memory=268435456 -Wl,--export=dateline_room,--export=dateline_encode,--export=dateline_file
GOBIN=$work go install "$generator"
"$work/wasm2go" -pkg libwebp -o "$here/../libwebp/libwebp.go" "$work/libwebp.wasm"
cp COPYING PATENTS "$here/../libwebp/"
head -1 debian/changelog
