#include "composition/workload_identity.hpp"

#include "composition/whole_file.hpp"

namespace hearth::composition {

// Kubernetes replaces the token by moving a symbolic link.
Result<Secret> WorkloadIdentity::file(const std::string& path, std::size_t limit) {
    auto content = whole_file(path, limit);
    if (content && *content) return **std::move(content);
    return std::unexpected(Error{
        Remedy::failed,
        "the identity token in " +
            (content ? path + " cannot be read: No such file or directory" : content.error().what),
        "identity_token of the profile names the file; what puts it there has to run, and "
        "this user has to be able to read it"});
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
