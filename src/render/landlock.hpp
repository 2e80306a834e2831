#pragma once

namespace soundalike::farm {

/// From here on this process and its children cannot open files for writing, nor make, move or remove any, except
/// /dev/null and its like; newer kernels also keep them from TCP ports, from abstract sockets, from ioctls on devices,
/// and from signals to anyone else. Reading and loading libraries stay as they were. Cannot be undone.
/// @return the version of the kernel's Landlock that does this, 0 where there is none; nothing has changed then.
int forbid_writing();

}  // namespace soundalike::farm
