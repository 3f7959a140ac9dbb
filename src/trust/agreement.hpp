// What a person has agreed to by `hearth trust`, and how that is kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "trust/project.hpp"

namespace hearth::trust {

// One folder is trusted with one content, byte for byte.
struct Agreement {
    std::string folder;
    std::string text;
    Instant at;
};

enum class Standing : std::uint8_t { trusted, changed, unknown };
std::string_view to_string(Standing standing) noexcept;

class Agreements {
  public:
    // An empty text is none. Remedy::failed for what is damaged or of a newer hearth.
    static Result<Agreements> parse(std::string_view text);
    [[nodiscard]] Secret written() const;

    [[nodiscard]] const std::vector<Agreement>& all() const noexcept { return all_; }
    [[nodiscard]] const Agreement* find(std::string_view folder) const noexcept;
    [[nodiscard]] Standing standing(const Project& project) const noexcept;

    // In place of what was agreed for the folder before.
    void add(Agreement agreement);
    // Whether there was one.
    bool remove(std::string_view folder);

  private:
    std::vector<Agreement> all_;  // By folder.
};

}  // namespace hearth::trust
