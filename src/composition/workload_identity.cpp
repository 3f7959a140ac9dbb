#include "composition/workload_identity.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/descriptor.hpp"

namespace hearth::composition {
namespace {

std::unexpected<Error> unreadable(const std::string& path, const std::string& why) {
    return std::unexpected(Error{Remedy::failed, "the identity token in " + path + " " + why,
                                 "identity_token of the profile names the file; what puts it there "
                                 "has to run, and this user has to be able to read it"});
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

// A symbolic link is followed: Kubernetes replaces the token by moving one.
Result<Secret> WorkloadIdentity::file(const std::string& path, std::size_t limit) {
    // What is no file, such as a pipe that nobody writes to, must not be waited for.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file.open()) return unreadable(path, "cannot be read: " + reason(errno));
    struct stat status{};
    if (::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
        return unreadable(path, "cannot be read: it is no file");
    SecretBuilder content;
    WipedBuffer buffer;
    for (;;) {
        const auto size = ::read(file.number(), buffer.bytes.data(), buffer.bytes.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return unreadable(path, "cannot be read: " + reason(errno));
        if (size == 0) break;
        content.append({buffer.bytes.data(), static_cast<std::size_t>(size)});
        if (content.size() > limit) return unreadable(path, "is too long for one");
    }
    return content.take();
}

std::optional<Secret> WorkloadIdentity::variable(const ProfileName& profile,
                                                 std::string_view name) {
    const std::scoped_lock lock(mutex_);
    if (const auto of_profile = given_.find(profile); of_profile != given_.end()) {
        const auto found = of_profile->second.find(name);
        if (found != of_profile->second.end()) return found->second.clone();
    }
    const auto own = environment_ ? environment_(name) : std::nullopt;
    return own ? std::optional(Secret(*own)) : std::nullopt;
}

void WorkloadIdentity::give(const ProfileName& profile, const std::string& name, Secret value) {
    const std::scoped_lock lock(mutex_);
    given_[profile].insert_or_assign(name, std::move(value));
}

void WorkloadIdentity::use(Environment environment) {
    const std::scoped_lock lock(mutex_);
    environment_ = std::move(environment);
}

void WorkloadIdentity::forget() {
    const std::scoped_lock lock(mutex_);
    given_.clear();
}

}  // namespace hearth::composition
