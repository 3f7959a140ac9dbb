#include "composition/google_material.hpp"

#include <utility>

#include "composition/whole_file.hpp"

namespace hearth::composition {
namespace {

// In a program that `hearth exec` started, the metadata server is hearth's own, and with it comes
// an empty folder instead of gcloud's.
bool set_by_exec(std::string_view name, const Environment& environment) {
    if (!environment("HEARTH_EXEC")) return false;
    if (name == "CLOUDSDK_CONFIG") return environment("GCE_METADATA_HOST").has_value();
    return name.starts_with("GCE_METADATA_");
}

}  // namespace

std::optional<std::string> GoogleMaterial::variable(std::string_view name) {
    if (set_by_exec(name, environment_)) return std::nullopt;
    auto value = environment_(name);
    return value && value->empty() ? std::nullopt : value;
}

Result<std::optional<Secret>> GoogleMaterial::file(const std::string& path, std::size_t limit) {
    return whole_file(path, limit);
}

std::string GoogleMaterial::stamp(const std::string& path) { return file_stamp(path); }

std::optional<Secret> GoogleMaterial::printed(const ProfileName& profile) {
    const std::scoped_lock lock(mutex_);
    const auto found = printed_.find(profile);
    return found == printed_.end() ? std::nullopt : std::optional(found->second.clone());
}

void GoogleMaterial::give(const ProfileName& profile, Secret text) {
    const std::scoped_lock lock(mutex_);
    printed_.insert_or_assign(profile, std::move(text));
}

void GoogleMaterial::forget() {
    const std::scoped_lock lock(mutex_);
    printed_.clear();
}

}  // namespace hearth::composition
