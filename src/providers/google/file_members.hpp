// The members of a credential file, with errors that name the file and the member.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "json/document.hpp"
#include "providers/google/credentials.hpp"

namespace hearth::providers::google {

// One object of the file. Cheap to copy; what `rules` names outlives it.
class FileMembers {
  public:
    // `within` is what stands before a member's name: "credential_source."
    FileMembers(json::Document object, const FileRules& rules, std::string within = {})
        : object_(std::move(object)), rules_(rules), within_(std::move(within)) {}

    [[nodiscard]] const json::Document& object() const noexcept { return object_; }
    [[nodiscard]] const FileRules& rules() const noexcept { return rules_; }
    [[nodiscard]] bool has(std::string_view name) const noexcept { return object_.has(name); }
    [[nodiscard]] FileMembers inner(std::string_view name) const;
    // "credential_source.url"
    [[nodiscard]] std::string full_name(std::string_view name) const;

    // Empty where it is absent or no string; an error where a control character is in it.
    [[nodiscard]] Result<std::string> text(std::string_view name) const;
    // The same, and an error where it is empty.
    [[nodiscard]] Result<std::string> needed(std::string_view name) const;
    [[nodiscard]] Result<Secret> secret(std::string_view name) const;
    [[nodiscard]] Result<Secret> needed_secret(std::string_view name) const;
    // `otherwise` where it is absent.
    [[nodiscard]] Result<std::int64_t> number(std::string_view name, std::int64_t least,
                                              std::int64_t most, std::int64_t otherwise) const;
    // Empty where it is absent; an error for a relative path.
    [[nodiscard]] Result<std::string> path(std::string_view name) const;
    // One that `check_service_url` lets through; `otherwise` where it is absent.
    [[nodiscard]] Result<std::string> service(std::string_view name,
                                              std::string_view otherwise) const;

    // "FILE: credential_source.url WHAT"
    [[nodiscard]] Error wrong(std::string_view name, std::string_view what,
                              std::string_view hint) const;

  private:
    [[nodiscard]] Error missing(std::string_view name) const;

    json::Document object_;
    const FileRules& rules_;
    std::string within_;
};

}  // namespace hearth::providers::google
