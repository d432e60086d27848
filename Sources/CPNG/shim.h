#ifndef IVIMBAYES_CPNG_SHIM_H
#define IVIMBAYES_CPNG_SHIM_H

#include <png.h>
#include <string.h>

// Writes an image of palette indices into `file` of `*size` bytes, or only says how many bytes are needed where `file` is
// null. `palette` holds `colors` entries of red, green, blue, alpha. Returns 0 where libpng refuses.
static inline int ivb_write_png(void *file, size_t *size, const unsigned char *indices, unsigned width, unsigned height,
                                const unsigned char *palette, unsigned colors) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = PNG_FORMAT_RGBA_COLORMAP;
  image.colormap_entries = colors;
  png_alloc_size_t bytes = *size;
  int written = png_image_write_to_memory(&image, file, &bytes, 0, indices, 0, palette);
  *size = bytes;
  return written;
}

#endif
