// What Google's credential files hold: the types of Application Default Credentials.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::google {

// A person's sign-in, as gcloud keeps it.
struct AuthorizedUser {
    std::string client_id;
    Secret client_secret;
    Secret refresh_token;
    Secret rapt_token;  // Proof of a reauthentication; empty: none.
    std::string token_uri;
    std::string account;  // The e-mail, where the file says it.
    std::string sign_in;  // The command that signs in anew; empty: hearth's own.
};

// The same for a person of a workforce pool.
struct ExternalAccountAuthorizedUser {
    std::string audience;
    std::string client_id;
    Secret client_secret;
    Secret refresh_token;
    std::string token_url;
    std::string token_info_url;
    std::string revoke_url;
    std::string sign_in;  // As above.
};

struct ServiceAccount {
    std::string client_email;
    std::string private_key_id;
    Secret private_key;  // PEM.
    std::string token_uri;
};

// Of Google Distributed Cloud.
struct GdchServiceAccount {
    std::string project;
    std::string name;
    std::string private_key_id;
    Secret private_key;  // PEM, on P-256.
    std::string token_uri;
    std::string ca_cert_path;  // May be empty.
};

// How a subject token stands in what a source gives.
struct SubjectFormat {
    std::string field;  // Of a JSON object; empty: the whole text is the token.
};
struct FileSource {
    std::string file;
    SubjectFormat format;
};
struct UrlSource {
    std::string url;
    std::vector<std::pair<std::string, Secret>> headers;
    SubjectFormat format;
};
struct ExecutableSource {
    std::string command;
    Span timeout = std::chrono::seconds(30);
    std::string output_file;  // May be empty.
};
// Keys of AWS, from the metadata of the instance that this runs on.
struct AwsSource {
    std::string region_url;
    std::string url;
    std::string imdsv2_session_token_url;
    std::string regional_cred_verification_url;
};
struct CertificateSource {
    std::string config_location;  // Empty: where Google's programs look.
    std::string trust_chain_path;
};
using SubjectSource =
    std::variant<FileSource, UrlSource, ExecutableSource, AwsSource, CertificateSource>;

// A service account that is impersonated at the end.
struct Impersonation {
    std::string url;  // ".../serviceAccounts/EMAIL:generateAccessToken"
    std::vector<std::string> delegates;
    std::chrono::seconds lifetime{3600};
    std::vector<std::string> scopes;  // Empty: those that are wanted.
};

// Workload or workforce identity federation.
struct ExternalAccount {
    std::string audience;
    std::string subject_token_type;
    std::string token_url;
    std::string token_info_url;
    std::string client_id;  // May be empty.
    Secret client_secret;
    std::string workforce_pool_user_project;
    SubjectSource source;
    std::optional<Impersonation> impersonation;
};

struct Credentials;

// The embedded credentials, and whom they become.
struct ImpersonatedServiceAccount {
    std::shared_ptr<const Credentials> source;
    Impersonation impersonation;
};

// Of the instance that this runs on; in no file.
struct MetadataServer {
    std::string host;  // "metadata.google.internal", or "HOST:PORT" of another one.
};

struct Credentials {
    std::variant<AuthorizedUser, ServiceAccount, ExternalAccount, ExternalAccountAuthorizedUser,
                 ImpersonatedServiceAccount, GdchServiceAccount, MetadataServer>
        kind;
    std::string universe_domain;  // Empty: googleapis.com.
    std::string quota_project_id;
    std::string project_id;
    std::string place;  // Where they are written, for people: the file's path.
};

// "authorized_user", "metadata server" and so on.
std::string_view type_of(const Credentials& credentials) noexcept;

// Who decides what a file may have hearth speak to.
struct FileRules {
    std::string universe_domain;  // The one that is spoken to; empty: googleapis.com.
    std::string place;            // The file's path, or what else it is called.
};

// Reads a credential file. Remedy::usage, naming the file and the member, for what is missing or
// wrong; Remedy::refused for a URL that is to receive a secret, or something made with one, and is
// not one of Google's in that universe. The error quotes no secret.
Result<Credentials> read_credentials(std::string_view text, const FileRules& rules);

// Whether something may be sent there: by https to a host of googleapis.com or of the universe, or
// to loopback. `what` begins the error: "token_uri".
Result<> check_service_url(std::string_view what, std::string_view url, const FileRules& rules);

}  // namespace hearth::providers::google
