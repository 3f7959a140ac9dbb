#include "composition/trusted_projects.hpp"

#include <sys/stat.h>

#include <memory>
#include <utility>

#include "composition/lock_file.hpp"
#include "config/keys.hpp"
#include "config/settings.hpp"
#include "core/try.hpp"
#include "system/files.hpp"

namespace hearth::composition {
namespace {

constexpr std::size_t size_limit = 64UL * 1024 * 1024;

}  // namespace

TrustedProjects::TrustedProjects(const std::string& state_folder)
    : path_(state_folder + "/trusted.json"), lock_(state_folder + "/trusted.lock") {}

TrustedProjects::Stamp TrustedProjects::stamp() const {
    struct stat status{};
    if (::lstat(path_.c_str(), &status) != 0) return {};
    return {.modified = (status.st_mtim.tv_sec * 1'000'000'000) + status.st_mtim.tv_nsec,
            .size = status.st_size,
            .inode = status.st_ino};
}

bool TrustedProjects::changed() const { return stamp() != seen_; }

Result<trust::Agreements> TrustedProjects::read() const {
    const auto text = HEARTH_TRY(system::read_secret_file(path_, size_limit));
    auto agreements = trust::Agreements::parse(text ? text->reveal() : std::string_view());
    if (!agreements) {
        agreements.error().what += " (" + path_ + ")";
        agreements.error().hint = "use that hearth, or move the file away and trust them again";
    }
    return agreements;
}

Result<> TrustedProjects::load() {
    seen_ = stamp();
    broken_.reset();
    agreements_ = {};
    auto read = this->read();
    if (read) {
        agreements_ = *std::move(read);
    } else {
        broken_ = std::move(read).error();
    }
    settle();
    if (broken_) return std::unexpected(*broken_);
    return {};
}

Result<> TrustedProjects::edit(const Change& change) {
    const auto held = HEARTH_TRY(hold_lock_file(lock_));
    auto agreements = HEARTH_TRY(read());
    change(agreements);
    HEARTH_CHECK(system::atomic_write(path_, agreements.written().reveal()));
    return load();
}

void TrustedProjects::settle() {
    profiles_.clear();
    for (const auto& agreement : agreements_.all()) {
        // What an older hearth took and this one does not is told to whoever works there.
        const auto project =
            config::parse_project(agreement.text, trust::Project::file_in(agreement.folder));
        if (!project) continue;
        for (const auto& [name, profile] : project->profiles) {
            auto settled =
                std::make_shared<const Profile>(trust::settled(agreement.folder, *profile));
            const auto known_as = settled->name;
            profiles_.insert_or_assign(
                known_as,
                Settled{.name = name, .folder = agreement.folder, .profile = std::move(settled)});
        }
    }
}

void TrustedProjects::settle_in(Settings& settings) const {
    std::erase_if(settings.profiles,
                  [](const auto& one) { return config::reserved(one.first.text()); });
    for (const auto& [name, settled] : profiles_)
        settings.profiles.insert_or_assign(name, settled.profile);
}

}  // namespace hearth::composition
