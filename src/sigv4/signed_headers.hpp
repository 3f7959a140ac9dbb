#pragma once

#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hearth/sigv4.hpp"
#include "sigv4/writer.hpp"

namespace hearth::sigv4 {

bool has_blank_or_control(std::string_view text) noexcept;
// Names of headers, whose letters are the same in either case.
bool same_name(std::string_view left, std::string_view right) noexcept;
// Whether a signature may cover it: proxies change the others, or it is the signature.
bool may_be_signed(std::string_view name) noexcept;

// The headers that a signature covers: names in lower case and sorted, values of one name in the
// order in which they came. Borrows both.
class SignedHeaders {
  public:
    SignedHeaders(std::span<const HeaderView> headers, std::pmr::memory_resource& memory);

    // "host;x-amz-date"
    [[nodiscard]] std::string_view names() const noexcept { return names_; }
    // A line for each name.
    void append_to(Writer& writer) const;

  private:
    std::pmr::vector<const HeaderView*> headers_;
    std::pmr::string names_;
};

}  // namespace hearth::sigv4
