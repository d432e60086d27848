#ifndef IVIMBAYES_CNIFTI_H
#define IVIMBAYES_CNIFTI_H

// Debian keeps the headers in a subfolder and they include one another by bare name: forward to them.
#include <nifti/nifti2_io.h>

// The compressed form of the format: gzopen, gzread, gzwrite.
#include <zlib.h>

#endif
