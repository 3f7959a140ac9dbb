// What the authorization server answers through the browser (RFC 6749 section 4.1.2), or through a
// person's clipboard.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "oauth/form.hpp"

namespace hearth::oauth {

struct ResponseExpectation {
    std::string state;
    std::string issuer;         // Empty: not known, so not compared.
    bool promises_iss = false;  // RFC 9207.
};

// What a response comes to. Without an outcome it is no answer to this sign-in, which goes on.
struct ResponseVerdict {
    std::optional<Result<Secret>> outcome;  // The code, or why there is none.
    std::string complaint;                  // For people, where there is no outcome.
};
ResponseVerdict judge_response(const ResponseExpectation& expected, const Query& response);

// What a person pasted: `code#state`, a bare code, or the whole address that the browser ended at.
struct PastedCode {
    Secret code;
    bool from_address =
        false;  // Of the loopback redirect rather than of the page that shows codes.
};
struct PasteVerdict {
    std::optional<Result<PastedCode>> outcome;
    std::string complaint;
};
PasteVerdict judge_paste(const ResponseExpectation& expected,
                         const std::string& manual_redirect_uri, const Secret& pasted);

}  // namespace hearth::oauth
