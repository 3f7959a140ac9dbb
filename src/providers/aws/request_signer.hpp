// Signs a caller's requests with Signature Version 4, for the service and region that the host's
// name says.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "hearth/credential.hpp"
#include "hearth/sigv4.hpp"

namespace hearth::providers::aws {

// What a request is signed for.
struct SigningName {
    std::string service;  // Empty where the host does not say.
    std::string region;   // The same.
};
// By AWS's naming of hosts, "bedrock-runtime.eu-west-1.amazonaws.com". Of a service whose signing
// name is not the host's label only Bedrock's and S3's are known.
SigningName signing_name(std::string_view host);

// Outlived by the clock and the signer.
class ServiceSigner final : public RequestSigner {
  public:
    // For requests that say nothing themselves and go to a host that says nothing.
    ServiceSigner(const sigv4::Signer& signer, const Clock& clock, SigningName otherwise)
        : signer_(signer), clock_(clock), otherwise_(std::move(otherwise)) {}

    Result<> sign(Request& request, const AwsKeys& keys) const override;
    [[nodiscard]] Result<Secret> bearer(const AwsKeys& keys) const override;

  private:
    const sigv4::Signer& signer_;
    const Clock& clock_;
    SigningName otherwise_;
};

}  // namespace hearth::providers::aws
