// Forms and queries: application/x-www-form-urlencoded, as RFC 6749 appendix B wants it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::oauth {

// Everything but A-Z a-z 0-9 - . _ ~ becomes %XX; a space too, which every decoder of forms
// understands.
std::string form_encoded(std::string_view text);

// A body in the making. Empty values are left out (RFC 6749 section 3.1).
class Form {
  public:
    Form& add(std::string_view name, std::string_view value);
    // The value is remembered, so that a server that repeats it in an error text is not quoted.
    Form& add(std::string_view name, const Secret& value);

    [[nodiscard]] Secret body() const { return Secret(text_.reveal()); }
    // The secrets that went into it.
    [[nodiscard]] const std::vector<Secret>& secrets() const noexcept { return secrets_; }

  private:
    SecretBuilder text_;
    std::vector<Secret> secrets_;
};

// The parameters of a query, decoded.
class Query {
  public:
    // Remedy::failed for broken encoding and for a name that comes twice (RFC 6749 section 3.1).
    static Result<Query> parse(std::string_view text);
    // Null when it is absent.
    [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
    [[nodiscard]] std::string text(std::string_view name) const;

  private:
    std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace hearth::oauth
