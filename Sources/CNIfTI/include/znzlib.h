// The NIfTI library asks for <znzlib.h>; Debian installs it one folder down.
#include <nifti/znzlib.h>
