// The part of libwebp that Dateline calls: room for pixels, and one call that makes a WebP file of them. An instance of the
// compiled module is used for one file and then dropped, so nothing here is freed but what libwebp works with.
#include <stdlib.h>

#include "src/webp/encode.h"

static WebPMemoryWriter out;

// dateline_room gives room for n bytes, or 0 where there is none.
uint8_t* dateline_room(size_t n) { return malloc(n); }

// dateline_encode makes a file of width by height pixels (red, green, blue, alpha, not premultiplied, rows without gaps),
// whose room it frees, and gives the file's length; or, below 0, why there is none: -1 less libwebp's WebPEncodingError.
int dateline_encode(uint8_t* rgba, int width, int height, float quality, int method, int lossless) {
  WebPConfig config;
  WebPPicture picture;
  if (!WebPConfigPreset(&config, WEBP_PRESET_PHOTO, quality) || !WebPPictureInit(&picture)) return -100;
  config.method = method;
  config.lossless = lossless;
  picture.use_argb = lossless;
  picture.width = width;
  picture.height = height;
  WebPMemoryWriterInit(&out);
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &out;
  int ok = WebPPictureImportRGBA(&picture, rgba, 4 * width);
  free(rgba);
  ok = ok && WebPEncode(&config, &picture);
  int code = picture.error_code;
  WebPPictureFree(&picture);
  return ok ? (int)out.size : -1 - code;
}

// dateline_file says where the file lies that dateline_encode made.
uint8_t* dateline_file(void) { return out.mem; }
