#include "composition/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include "core/try.hpp"
#include "system/files.hpp"

namespace hearth::composition {

Result<Descriptor> hold_lock_file(const std::string& path) {
    HEARTH_CHECK(system::ensure_private_folder(path.substr(0, path.rfind('/'))));
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.open() || ::flock(file.number(), LOCK_EX) != 0) {
        return std::unexpected(system_error("lock " + path));
    }
    return file;
}

}  // namespace hearth::composition
