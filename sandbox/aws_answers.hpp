// How AWS's services write what they say, and how they tell who asked.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/aws_keys.hpp"
#include "sandbox/state.hpp"

namespace hearth::sandbox {

struct AwsError {
    int status = 400;
    std::string code;
    std::string message;
};
template <class T>
using AwsOutcome = std::expected<T, AwsError>;

inline std::unexpected<AwsError> aws_error(int status, std::string code, std::string message) {
    return std::unexpected(AwsError{status, std::move(code), std::move(message)});
}

// The error in the words of the service that the request went to, and kept in the exchange's
// record: XML for STS, JSON for the others.
Response aws_refusal(Exchange& exchange, const AwsError& error);
// What a service answers when it was told to fail with this status.
Response aws_failure(Exchange& exchange, int status);
// What a service answers when it was told that the credentials are no good.
Response aws_expired(Exchange& exchange);

// The answer to an action of STS: the result's members, already XML.
Response aws_result(std::string_view action, const std::string& members);
// <name>value</name>, the value escaped; nothing where it is empty.
std::string aws_member(std::string_view name, std::string_view value);

// Who signed the request, for this service in the sandbox's region (STS: also us-east-1, as its
// global endpoint is signed for).
AwsOutcome<const AwsKey*> aws_signer(Exchange& exchange, const Request& request,
                                     std::string_view service);

// Whether the path is one of the AWS face's.
bool aws_path(std::string_view path);

}  // namespace hearth::sandbox
