// AWS's two shared files as one: the profiles, and what they refer to.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "providers/aws/shared_file.hpp"
#include "providers/aws/variables.hpp"

namespace hearth::providers::aws {

// Where one of the files is.
struct SharedPlace {
    std::string path;
    // The variable that names it; empty for its usual place, where it may be missing.
    std::string named_by;
};
struct SharedPlaces {
    SharedPlace config;
    SharedPlace credentials;
};
// AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/config and ~/.aws/credentials.
SharedPlaces shared_places(const Variables& variables, std::string_view home);

// "~" and "~/…" below the home folder; anything else as it is.
std::string expand_home(std::string_view path, std::string_view home);

// A file as it was read; no text where there is no file.
struct SharedText {
    SharedPlace place;
    std::optional<Secret> text;
};

struct Range {
    std::int64_t least = 0;
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

// One profile, sso-session or services section, from both files: the credentials file's value of a
// key is the one that counts. A value that is empty counts as absent. Borrows from the
// SharedConfig.
class SharedSection {
  public:
    // Has nothing: a profile that is in neither file.
    SharedSection() noexcept = default;
    SharedSection(std::string_view name, const SharedFile* config_file, const Section* config,
                  const SharedFile* credentials_file, const Section* credentials) noexcept
        : name_(name),
          config_file_(config_file),
          config_(config),
          credentials_file_(credentials_file),
          credentials_(credentials) {}

    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    [[nodiscard]] bool has(std::string_view key) const;
    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] Secret secret(std::string_view key) const;
    // A nested setting, such as the endpoint_url of sts.
    [[nodiscard]] std::string part(std::string_view key, std::string_view name) const;
    // "true" or "false" in any case, and a whole number; Remedy::usage for anything else.
    [[nodiscard]] Result<std::optional<bool>> flag(std::string_view key) const;
    [[nodiscard]] Result<std::optional<std::int64_t>> number(std::string_view key,
                                                             Range range) const;

    // "config:12", where the key stands; where the section begins for a key that is not there. The
    // place alone for what stands in no file.
    [[nodiscard]] std::string at(std::string_view key = {}) const;
    // An error at that place, of Remedy::usage.
    [[nodiscard]] std::unexpected<Error> wrong(std::string_view key, std::string_view what,
                                               std::string_view hint) const;
    // The same section as one of the files has it.
    [[nodiscard]] SharedSection only(SharedFileKind kind) const;

  private:
    struct Found {
        const Property* property = nullptr;
        const SharedFile* file = nullptr;
    };
    [[nodiscard]] Found find(std::string_view key) const;

    std::string_view name_;
    const SharedFile* config_file_ = nullptr;
    const Section* config_ = nullptr;
    const SharedFile* credentials_file_ = nullptr;
    const Section* credentials_ = nullptr;
};

class SharedConfig {
  public:
    // Neither file; every profile is unknown.
    SharedConfig() = default;
    // Remedy::usage when a file is not in the grammar, or is missing where a variable names it.
    static Result<SharedConfig> parse(const SharedText& config, const SharedText& credentials);

    // One profile more, which stands in neither file: at `place`. Before the first section is
    // taken.
    void add(const std::string& name, Section section, std::string place);

    [[nodiscard]] std::optional<SharedSection> profile(std::string_view name) const;
    [[nodiscard]] std::optional<SharedSection> sso_session(std::string_view name) const;
    [[nodiscard]] std::optional<SharedSection> services(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> profile_names() const;  // In order, each once.
    [[nodiscard]] const std::string& config_path() const noexcept { return config_.path; }
    // What was passed over in both files.
    [[nodiscard]] std::vector<std::string> notes() const;

  private:
    [[nodiscard]] std::optional<SharedSection> of_config(const Sections& sections,
                                                         std::string_view name) const;

    SharedFile config_;
    SharedFile credentials_;
    SharedFile added_;
};

}  // namespace hearth::providers::aws
