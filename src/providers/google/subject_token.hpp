// Subject tokens, which are exchanged for tokens of Google: from files and addresses.
#pragma once

#include <expected>
#include <stop_token>
#include <string>
#include <string_view>

#include "providers/google/credentials.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

using SubjectResult = std::expected<Secret, TokenFailure>;

// The token in what a source gave: all of it without the blanks around it, or the member that the
// format names. The error begins with `where` and quotes none of the text.
Result<Secret> subject_in(std::string_view text, const SubjectFormat& format,
                          const std::string& where);

// `place` is the credential file, for errors.
SubjectResult subject_of_file(const FileSource& source, const std::string& place,
                              const Outside& outside);
SubjectResult subject_of_url(const UrlSource& source, const std::string& place,
                             const Outside& outside, const std::stop_token& stop);

// What credential files may have asked without a token to protect it: https, this machine, and
// where a cloud's machines ask who they are. `what` names the member of `place`.
Result<> check_source_url(std::string_view what, const std::string& url, const std::string& place);

inline constexpr std::size_t longest_subject = 64UL * 1024;

}  // namespace hearth::providers::google
