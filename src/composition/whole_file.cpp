#include "composition/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>

#include "core/descriptor.hpp"

namespace hearth::composition {
namespace {

std::unexpected<Error> wrong(const std::string& path, const std::string& why) {
    return std::unexpected(Error{Remedy::failed, path + " " + why, ""});
}

std::string reason(int number) { return std::generic_category().message(number); }

struct WipedBuffer {
    WipedBuffer() = default;
    WipedBuffer(const WipedBuffer&) = delete;
    WipedBuffer& operator=(const WipedBuffer&) = delete;
    ~WipedBuffer() { ::explicit_bzero(bytes.data(), bytes.size()); }
    std::array<char, 4096> bytes{};
};

}  // namespace

Result<std::optional<Secret>> whole_file(const std::string& path, std::size_t limit) {
    // What is no file, such as a pipe that nobody writes to, must not be waited for.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file.open()) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        return wrong(path, "cannot be read: " + reason(errno));
    }
    struct stat status{};
    if (::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
        return wrong(path, "cannot be read: it is no file");
    SecretBuilder content;
    WipedBuffer buffer;
    for (;;) {
        const auto size = ::read(file.number(), buffer.bytes.data(), buffer.bytes.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return wrong(path, "cannot be read: " + reason(errno));
        if (size == 0) return content.take();
        content.append({buffer.bytes.data(), static_cast<std::size_t>(size)});
        if (content.size() > limit) return wrong(path, "is too long for one");
    }
}

std::string file_stamp(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return {};
    const std::array<std::int64_t, 6> parts{static_cast<std::int64_t>(status.st_ino),
                                            static_cast<std::int64_t>(status.st_size),
                                            status.st_mtim.tv_sec,
                                            status.st_mtim.tv_nsec,
                                            status.st_ctim.tv_sec,
                                            status.st_ctim.tv_nsec};
    // As they lie: this is asked with every request.
    std::string stamp(sizeof(parts), '\0');
    std::memcpy(stamp.data(), parts.data(), sizeof(parts));
    return stamp;
}

}  // namespace hearth::composition
