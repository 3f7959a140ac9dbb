#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/settings.hpp"
#include "hearth/error.hpp"
#include "trust/agreement.hpp"

namespace hearth::composition {

// trusted.json in the state folder: which projects' folders the person trusts, with which content.
// Read when it has changed, edited by one process at a time. Not thread-safe.
class TrustedProjects {
  public:
    explicit TrustedProjects(const std::string& state_folder);

    // Reads the file anew; a file that cannot be read trusts nothing, and says so here.
    Result<> load();
    // Whether the file is another one than was read last.
    [[nodiscard]] bool changed() const;
    [[nodiscard]] const trust::Agreements& agreements() const noexcept { return agreements_; }
    // Why nothing is trusted; absent when the file could be read.
    [[nodiscard]] const std::optional<Error>& broken() const noexcept { return broken_; }

    using Change = std::function<void(trust::Agreements&)>;
    // All or nothing; never over a file that cannot be read.
    Result<> edit(const Change& change);

    // A profile that is trusted, under the name that no other has.
    struct Settled {
        ProfileName name;  // What its folder calls it.
        std::string folder;
        std::shared_ptr<const Profile> profile;
    };
    using Profiles = std::map<ProfileName, Settled>;
    [[nodiscard]] const Profiles& profiles() const noexcept { return profiles_; }
    // Puts them beside the profiles of the person, in place of those that were put there before.
    void settle_in(Settings& settings) const;

  private:
    struct Stamp {
        std::int64_t modified = -1;  // Nanoseconds; -1 where there is no file.
        std::int64_t size = 0;
        std::uint64_t inode = 0;
        bool operator==(const Stamp&) const = default;
    };
    [[nodiscard]] Stamp stamp() const;
    [[nodiscard]] Result<trust::Agreements> read() const;
    void settle();

    std::string path_;
    std::string lock_;
    Stamp seen_;
    trust::Agreements agreements_;
    Profiles profiles_;
    std::optional<Error> broken_;
};

}  // namespace hearth::composition
